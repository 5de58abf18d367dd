import { client, take } from "./client";
import type { Me } from "./types";

/** Who is logged in; also sets the csrftoken cookie. */
export async function whoAmI(): Promise<Me | null> {
  return (await take(client.GET("/api/v1/session/"))).user;
}

export async function logIn(username: string, password: string): Promise<Me | null> {
  await whoAmI(); // the token of an earlier visit may be gone
  return (await take(client.POST("/api/v1/session/", { body: { username, password } }))).user;
}

export async function logOut(): Promise<void> {
  await take(client.DELETE("/api/v1/session/"));
}

import { codeHeader, csrfHeader } from "./client";
import { Problem, problemFrom } from "./problem";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Sends one file to a case. XMLHttpRequest, because fetch cannot tell how far an upload is.
 *
 * @param onProgress is given the part that has been sent, 0..1.
 */
export function sendFile(
  number: string,
  file: File,
  code: string | undefined,
  onProgress: (part: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/cases/${encodeURIComponent(number)}/attachments/`);
    for (const [name, value] of Object.entries({ ...csrfHeader(), ...codeHeader(code) })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total);
    };
    request.onload = () => {
      if (request.status === 201) resolve();
      else reject(problemFrom(request.status, parsed(request.responseText)));
    };
    request.onerror = request.ontimeout = () => reject(new Problem(0, "offline", ""));
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

/** The content of an attachment as an object URL; whoever asked revokes it. */
export async function fetchFile(url: string, code: string | undefined): Promise<string> {
  let answer;
  try {
    answer = await fetch(url, { headers: codeHeader(code) });
  } catch {
    throw new Problem(0, "offline", "");
  }
  if (!answer.ok) throw problemFrom(answer.status, parsed(await answer.text()));
  return URL.createObjectURL(await answer.blob());
}

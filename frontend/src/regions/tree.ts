import type { Region } from "@/api/types";

/** The administrative divisions as a tree: province, city, then county or development zone. */
export class RegionTree {
  private readonly byCode: Map<string, Region>;

  constructor(private readonly regions: readonly Region[]) {
    this.byCode = new Map(regions.map((region) => [region.code, region]));
  }

  get provinces(): Region[] {
    return this.regions.filter(({ parent }) => parent === null);
  }

  children(code: string): Region[] {
    return code === "" ? [] : this.regions.filter(({ parent }) => parent === code);
  }

  /** From the province down to the region itself; empty for an unknown code. */
  path(code: string): Region[] {
    const path: Region[] = [];
    for (let at = this.byCode.get(code); at; at = at.parent === null ? undefined : this.byCode.get(at.parent)) {
      path.unshift(at);
    }
    return path;
  }

  /** 浙江省杭州市西湖区, or "" for an unknown code. */
  fullName(code: string): string {
    return this.path(code)
      .map(({ name }) => name)
      .join("");
  }
}

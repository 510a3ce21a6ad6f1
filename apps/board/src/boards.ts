/** One of the boards. */
export interface Board {
  readonly name: "react" | "vue" | "svelte" | "angular" | "solid" | "vanilla";
  readonly title: string;
  /** Where the feed serves it. */
  readonly path: string;
  /** Where `vite dev` serves it. */
  readonly devPort: number;
}

/** The boards in the order in which they are listed everywhere. */
export const boards: readonly Board[] = [
  { name: "react", title: "React", path: "/react/", devPort: 5171 },
  { name: "vue", title: "Vue", path: "/vue/", devPort: 5172 },
  { name: "svelte", title: "Svelte", path: "/svelte/", devPort: 5173 },
  { name: "angular", title: "Angular", path: "/angular/", devPort: 5175 },
  { name: "solid", title: "Solid", path: "/solid/", devPort: 5176 },
  { name: "vanilla", title: "Vanilla", path: "/vanilla/", devPort: 5174 },
];

/** Where a link to the board leads, over the same transport: while developing, each board has a server of its own. */
export function hrefOf({ path, devPort }: Board, isDev: boolean): string {
  const server = isDev ? `${location.protocol}//${location.hostname}:${devPort}` : "";
  return `${server}${path}${location.search}`;
}

/** The port of the feed, unless PORT says otherwise. */
export const feedPort = 4400;

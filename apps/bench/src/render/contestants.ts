/** One page of one framework. */
export interface Contestant {
  readonly framework: "React" | "Vue" | "Svelte" | "Angular" | "Solid";
  readonly name: string;
  readonly page: string;
  readonly kind: "ours" | "ideal" | "peer" | "naive";
}

export const contestants: readonly Contestant[] = [
  { framework: "React", name: "tidewire", page: "react/tidewire.tsx", kind: "ours" },
  { framework: "React", name: "by hand, one commit per frame", page: "react/ideal.tsx", kind: "ideal" },
  { framework: "React", name: "react-use-websocket", page: "react/react-use-websocket.tsx", kind: "peer" },
  { framework: "React", name: "setState per message", page: "react/naive.tsx", kind: "naive" },
  { framework: "Vue", name: "tidewire", page: "vue/tidewire.ts", kind: "ours" },
  { framework: "Vue", name: "by hand, one commit per frame", page: "vue/ideal.ts", kind: "ideal" },
  { framework: "Vue", name: "VueUse", page: "vue/vueuse.ts", kind: "peer" },
  { framework: "Vue", name: "ref per message", page: "vue/naive.ts", kind: "naive" },
  { framework: "Svelte", name: "tidewire, runes", page: "svelte/rune.ts", kind: "ours" },
  { framework: "Svelte", name: "tidewire, store", page: "svelte/store.ts", kind: "ours" },
  { framework: "Svelte", name: "by hand, one commit per frame", page: "svelte/ideal.ts", kind: "ideal" },
  { framework: "Svelte", name: "$state per message", page: "svelte/naive.ts", kind: "naive" },
  { framework: "Angular", name: "tidewire", page: "angular/tidewire.ts", kind: "ours" },
  { framework: "Angular", name: "by hand, one commit per frame", page: "angular/ideal.ts", kind: "ideal" },
  { framework: "Angular", name: "rxjs and toSignal", page: "angular/to-signal.ts", kind: "peer" },
  { framework: "Solid", name: "tidewire", page: "solid/tidewire.ts", kind: "ours" },
  { framework: "Solid", name: "by hand, one commit per frame", page: "solid/ideal.ts", kind: "ideal" },
  { framework: "Solid", name: "solid-primitives", page: "solid/solid-primitives.ts", kind: "peer" },
];

/** One way to put messages on a line. */
export interface Wire {
  readonly name: string;
  readonly transport: "sse" | "websocket";
  readonly path: string;
  readonly wire: "singles" | "batches";
  readonly rates: readonly number[];
  /** The share of the full time that each rate is measured for. */
  readonly share: number;
  /** The naive pages are measured where each message comes alone, which is where they hurt. */
  readonly hasNaive: boolean;
}

const RATES = [1000, 5000, 20_000];

export const wires: readonly Wire[] = [
  { name: "SSE", transport: "sse", path: "/singles", wire: "singles", rates: RATES, share: 1, hasNaive: true },
  {
    name: "WebSocket",
    transport: "websocket",
    path: "/singles",
    wire: "singles",
    rates: RATES,
    share: 1,
    hasNaive: true,
  },
  {
    name: "WebSocket, one frame per tick",
    transport: "websocket",
    path: "/batches",
    wire: "batches",
    rates: [20_000],
    share: 0.4,
    hasNaive: false,
  },
];

import type { State } from "../fold.ts";
import { initial } from "../fold.ts";
import { probe } from "../probe.ts";

/** Without a framework: writes what changed into the document. */
export function showing(target: HTMLElement): (state: State) => void {
  const [n, count, volume, price] = ["n", "count", "volume", "price"].map((id) => {
    const text = document.createTextNode(`${initial[id as keyof State]}`);
    const output = document.createElement("output");
    output.id = id;
    output.append(text);
    target.append(output, " ");
    return text;
  });
  return (state) => {
    if (n) n.data = `${state.n}`;
    if (count) count.data = `${state.count}`;
    if (volume) volume.data = `${state.volume}`;
    if (price) price.data = `${state.price}`;
    probe.committed();
  };
}

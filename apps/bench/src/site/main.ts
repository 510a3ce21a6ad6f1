// One page for all: its address says who is measured, and what is read.
import { watchArrivals } from "./arrivals.ts";
import { type Contender, feedOf } from "./feed.ts";
import { probe } from "./probe.ts";

const query = new URLSearchParams(location.search);
const contenders = import.meta.glob<Contender>(["./{react,vue,svelte,angular,solid,plain}/*.{ts,tsx}", "!./*/show*"]);
const load = contenders[`./${query.get("page")}`];
const target = document.getElementById("page");
if (!load || !target) throw new Error(`There is no page ${query.get("page")}.`);
watchArrivals(probe.arrived);
(await load()).mount(target, feedOf(query));
window.probe = probe;

import { mount as mountComponent } from "svelte";
import type { Feed } from "../feed.ts";
import Page from "./Store.svelte";

export const mount = (target: HTMLElement, feed: Feed): void => void mountComponent(Page, { target, props: { feed } });

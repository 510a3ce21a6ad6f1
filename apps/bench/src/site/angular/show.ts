import "@angular/compiler"; // compiles the one template when the page is opened, before anything is measured
import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  provideZonelessChangeDetection,
  type Signal,
} from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import type { Feed } from "../feed.ts";
import type { State } from "../fold.ts";
import { probe } from "../probe.ts";

/** Mounts a page that shows what `use` gives, as every Angular page does, told once per commit. */
export const mounting =
  (use: (feed: Feed) => Signal<State>) =>
  (target: HTMLElement, feed: Feed): void => {
    const Page = Component({
      selector: "bench-page",
      changeDetection: ChangeDetectionStrategy.OnPush,
      template: `<p>
        <output id="n">{{ state().n }}</output> <output id="count">{{ state().count }}</output>
        <output>{{ state().volume }}</output> <output>{{ state().price }}</output>
      </p>`,
    })(
      class {
        readonly state = use(feed);
        constructor() {
          afterRenderEffect(() => {
            this.state();
            probe.committed();
          });
        }
      },
    );
    target.append(document.createElement("bench-page"));
    void bootstrapApplication(Page, { providers: [provideZonelessChangeDetection()] });
  };

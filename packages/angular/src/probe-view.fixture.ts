import "@angular/compiler";
import {
  afterEveryRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  InjectionToken,
  inject,
  signal,
} from "@angular/core";
import { parse, print, type Script, type Strings } from "@tidewire/conformance/binding";
import { injectRealtime } from "./index.ts";

export const SCRIPT = new InjectionToken<ReturnType<typeof playing>>("what a probe reads");

/** A script whose source is a signal, and the strings of whoever plays it. */
export function playing(script: Script) {
  const source = signal(script.source);
  const strings = { setSource: source.set } as { -readonly [Name in keyof Strings]: Strings[Name] };
  return { ...script, source, strings };
}

/** A component that reads by the binding. */
export const ProbeView = Component({
  selector: "live-probe",
  template: "<output>{{ text() }}</output>",
  changeDetection: ChangeDetectionStrategy.OnPush,
})(
  class {
    readonly text;
    constructor() {
      const { source, options, log, strings } = inject(SCRIPT);
      const live = injectRealtime<number, string>(source, options as object);
      this.text = computed(() => print(live.value(), live.status(), live.error()));
      Object.assign(strings, { send: live.send, reconnect: live.reconnect });
      log.rendering();
      let told: string | undefined;
      afterEveryRender(() => {
        const text = this.text();
        if (text !== told) log.committed(parse(text));
        told = text;
      });
    }
  },
);

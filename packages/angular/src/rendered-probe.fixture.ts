import "@angular/compiler"; // nothing is compiled ahead here

import { provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication, provideClientHydration } from "@angular/platform-browser";
import { provideServerRendering, renderApplication } from "@angular/platform-server";
import { ProbeView, playing, SCRIPT } from "./probe-view.fixture.ts";

/** Renders a probe as a server does: where there is no page. */
Reflect.set(globalThis, "ngServerMode", true);

addEventListener("message", async ({ data: initial }) => {
  const log = { rendering() {}, committed() {} };
  const script = { provide: SCRIPT, useValue: playing({ source: "/never", options: { initial }, log }) };
  const providers = [provideZonelessChangeDetection(), provideServerRendering(), provideClientHydration(), script];
  const bootstrap = (context: Parameters<typeof bootstrapApplication>[2]) =>
    bootstrapApplication(ProbeView, { providers }, context);
  const html = await renderApplication(bootstrap, { document: "<body><live-probe></live-probe></body>" });
  postMessage(/<body[^>]*>(.*)<\/body>/s.exec(html)?.[1]);
});

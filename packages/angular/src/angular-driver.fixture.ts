import {
  type ApplicationRef,
  createComponent,
  type EnvironmentProviders,
  ErrorHandler,
  type Provider,
} from "@angular/core";
import { bootstrapApplication, createApplication, provideClientHydration } from "@angular/platform-browser";
import { type BindingDriver, pageDriver, type Script } from "@tidewire/conformance/binding";
import { ProbeView, playing, SCRIPT } from "./probe-view.fixture.ts";

const server = new Worker(new URL("./rendered-probe.fixture.ts", import.meta.url), { type: "module" });
function render({ options }: Script): Promise<string> {
  server.postMessage(options.initial);
  return new Promise((resolve) => server.addEventListener("message", ({ data }) => resolve(data), { once: true }));
}

/** One application, whose components come and go. */
export async function angular(name: string, changes: Provider | EnvironmentProviders): Promise<BindingDriver> {
  const errors: unknown[] = [];
  const onError = { provide: ErrorHandler, useValue: { handleError: (error: unknown) => errors.push(error) } };
  const application: ApplicationRef = await createApplication({ providers: [changes, onError] });
  return pageDriver(name, {
    render,
    mount(hostElement, script) {
      const scene = playing(script);
      const elementInjector = { get: (token: unknown, otherwise: never) => (token === SCRIPT ? scene : otherwise) };
      const view = createComponent(ProbeView, {
        hostElement,
        elementInjector,
        environmentInjector: application.injector,
      });
      application.attachView(view.hostView);
      try {
        application.tick();
        if (errors.length > 0) throw errors[0];
      } catch (error) {
        errors.length = 0;
        view.destroy();
        throw error;
      }
      return { ...scene.strings, unmount: () => view.destroy() };
    },
    hydrate(_host, script) {
      document.body.prepend(document.createComment("nghm")); // by which Angular sees that a server's page came whole
      const scene = playing(script);
      const providers = [changes, onError, provideClientHydration(), { provide: SCRIPT, useValue: scene }];
      const started = bootstrapApplication(ProbeView, { providers });
      return {
        send: (text) => scene.strings.send(text),
        reconnect: () => scene.strings.reconnect(),
        setSource: scene.strings.setSource,
        unmount: () => void started.then((hydrated) => hydrated.destroy()),
      };
    },
  });
}

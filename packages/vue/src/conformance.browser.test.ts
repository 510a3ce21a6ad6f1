import {
  type BindingDriver,
  type Probe,
  type ProbeLog,
  type ProbeOptions,
  type ProbeSource,
  parse,
  print,
  runBindingSuite,
} from "@tidewire/conformance/binding";
import {
  type App,
  createApp,
  createSSRApp,
  defineComponent,
  h,
  KeepAlive,
  onMounted,
  onUpdated,
  shallowRef,
} from "vue";
import { renderToString } from "vue/server-renderer";
import { useRealtime } from "./index.ts";

interface Actions {
  send(text: string): Promise<void>;
  reconnect(): void;
}

/** A component that reads by the binding, inside KeepAlive, and the strings that move it. */
function probeView(firstSource: ProbeSource, options: ProbeOptions, log: ProbeLog) {
  const source = shallowRef(firstSource);
  const isHidden = shallowRef(false);
  const taken: { actions?: Actions } = {};
  const ProbeView = defineComponent({
    setup() {
      const { data, status, error, send, reconnect } = useRealtime<number, string>(source, options as object);
      taken.actions = { send, reconnect };
      const text = () => print(data.value, status.value, error.value);
      const tell = () => log.committed(parse(text()));
      onMounted(tell);
      onUpdated(tell);
      log.rendering();
      return () => h("output", text());
    },
  });
  const Blank = defineComponent({ render: () => h("hr") });
  const root = { render: () => h(KeepAlive, () => h(isHidden.value ? Blank : ProbeView)) };
  return { root, source, isHidden, taken };
}

function mounted(app: App, host: HTMLElement, { source, isHidden, taken }: ReturnType<typeof probeView>): Probe {
  const errors: unknown[] = [];
  app.config.errorHandler = (error) => void errors.push(error);
  app.config.warnHandler = (message) => {
    if (errors.length === 0) console.warn(message); // else it would only say again what the error says
  };
  app.mount(host);
  if (errors.length > 0) throw errors[0];
  let isMounted = true;
  return {
    read: () => parse(host.textContent || null),
    send: (text) => taken.actions?.send(text) ?? Promise.reject(new Error("not mounted")),
    reconnect: () => taken.actions?.reconnect(),
    setSource(next) {
      source.value = next;
    },
    setOptions: undefined,
    setHidden(next) {
      isHidden.value = next;
    },
    unmount() {
      if (!isMounted) return;
      isMounted = false;
      app.unmount();
      host.remove();
    },
  };
}

const newHost = () => document.body.appendChild(document.createElement("div"));

const driver: BindingDriver = {
  name: "Vue",
  mount(source, options, log) {
    const view = probeView(source, options, log);
    return mounted(createApp(view.root), newHost(), view);
  },
  async hydrate(source, options, log) {
    const view = probeView(source, options, log);
    const host = newHost();
    const html = await renderToString(createSSRApp(view.root));
    host.innerHTML = html;
    return { html, start: () => mounted(createSSRApp(view.root), host, view) };
  },
};

runBindingSuite(driver);

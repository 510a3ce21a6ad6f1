import { type BindingDriver, parse, print, runBindingSuite } from "@tidewire/conformance/binding";
import { createApp, defineComponent, h, KeepAlive, onMounted, onUpdated, shallowRef } from "vue";
import { useRealtime } from "./index.ts";

const driver: BindingDriver = {
  name: "Vue",
  mount(firstSource, options, log) {
    const host = document.body.appendChild(document.createElement("div"));
    const source = shallowRef(firstSource);
    const isHidden = shallowRef(false);
    let actions: { send(text: string): Promise<void>; reconnect(): void } | undefined;

    const ProbeView = defineComponent({
      setup() {
        const { data, status, error, send, reconnect } = useRealtime<number, string>(source, options as object);
        actions = { send, reconnect };
        const text = () => print(data.value, status.value, error.value);
        const tell = () => log.committed(parse(text()));
        onMounted(tell);
        onUpdated(tell);
        log.rendering();
        return () => h("output", text());
      },
    });
    const Blank = defineComponent({ render: () => h("hr") });
    const app = createApp({ render: () => h(KeepAlive, () => h(isHidden.value ? Blank : ProbeView)) });
    let thrown: unknown;
    app.config.errorHandler = (error) => {
      thrown = error;
    };
    app.config.warnHandler = () => {}; // it would say again what the error says
    app.mount(host);
    if (thrown !== undefined) throw thrown;
    let isMounted = true;
    return {
      read: () => parse(host.textContent || null),
      send: (text) => actions?.send(text) ?? Promise.reject(new Error("not mounted")),
      reconnect: () => actions?.reconnect(),
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
  },
};

runBindingSuite(driver);

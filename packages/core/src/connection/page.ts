/** What happens to the page (or the app) that matters to a line. */
export type PageEvent =
  /** Somebody looks at it again. */
  | "visible"
  | "hidden"
  | "online"
  | "offline"
  /** Put aside whole, as by the back-forward cache. */
  | "frozen"
  /** Taken out again. */
  | "thawed";

/** The page around a connection, injectable: a test's page, React Native's AppState and NetInfo. */
export interface Page {
  isVisible(): boolean;
  isOnline(): boolean;
  /** Tells every event until the returned function is called. */
  listen(onEvent: (event: PageEvent) => void): () => void;
}

/**
 * Chrome does not always tell `visibilitychange` after a freeze, so `resume` is heard too.
 * Never `beforeunload`: it keeps pages out of the back-forward cache.
 */
const EVENTS = ["visibilitychange", "resume", "online", "offline", "pagehide", "pageshow"];

/** As much of the platform as is looked at. A server has none of it, a worker the network, a browser's page all. */
interface Surroundings {
  readonly document?: { readonly hidden: boolean };
  readonly navigator?: { readonly onLine?: boolean };
  readonly addEventListener?: typeof addEventListener;
}

/** The platform's own page. What it does not know is taken for well: looked at, online, never put aside. */
export const platformPage: Page = {
  isVisible: () => !(globalThis as Surroundings).document?.hidden,
  isOnline: () => (globalThis as Surroundings).navigator?.onLine !== false,
  listen(onEvent) {
    const stop = new AbortController();
    const tell = ({ type, persisted }: Event & { readonly persisted?: boolean }): void => {
      if (type === "online" || type === "offline") onEvent(type);
      else if (persisted === undefined) onEvent(platformPage.isVisible() ? "visible" : "hidden");
      else if (persisted) onEvent(type === "pagehide" ? "frozen" : "thawed");
    };
    // Captured at the window, which also sees what is told to the document.
    for (const type of EVENTS) {
      (globalThis as Surroundings).addEventListener?.(type, tell, { capture: true, signal: stop.signal });
    }
    return () => stop.abort();
  },
};

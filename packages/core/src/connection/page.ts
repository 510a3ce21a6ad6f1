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

/** Where there is no page (servers, workers): always looked at, always online. */
export const noPage: Page = { isVisible: () => true, isOnline: () => true, listen: () => () => {} };

/**
 * Chrome does not always tell `visibilitychange` after a freeze, so `resume` is heard too.
 * Never `beforeunload`: it keeps pages out of the back-forward cache.
 */
const EVENTS = ["visibilitychange", "resume", "online", "offline", "pagehide", "pageshow"];

/** The browser's own page; {@link noPage} where there is none. */
export function browserPage(): Page {
  if (typeof document === "undefined") return noPage;
  const isVisible = (): boolean => !document.hidden;
  return {
    isVisible,
    isOnline: () => navigator.onLine !== false,
    listen(onEvent) {
      const stop = new AbortController();
      const tell = ({ type, persisted }: Event & { readonly persisted?: boolean }): void => {
        if (type === "online" || type === "offline") onEvent(type);
        else if (persisted === undefined) onEvent(isVisible() ? "visible" : "hidden");
        else if (persisted) onEvent(type === "pagehide" ? "frozen" : "thawed");
      };
      // Captured at the window, which also sees what is told to the document.
      for (const type of EVENTS) window.addEventListener(type, tell, { capture: true, signal: stop.signal });
      return () => stop.abort();
    },
  };
}

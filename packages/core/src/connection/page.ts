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

/** The browser's own page; {@link noPage} where there is none. */
export function browserPage(): Page {
  if (typeof document === "undefined" || typeof window === "undefined") return noPage;
  const isVisible = (): boolean => document.visibilityState !== "hidden";
  return {
    isVisible,
    isOnline: () => navigator.onLine !== false,
    listen(onEvent) {
      const stop = new AbortController();
      const on = (target: EventTarget, type: string, tell: (event: Event) => PageEvent | undefined): void =>
        target.addEventListener(
          type,
          (event) => {
            const word = tell(event);
            if (word) onEvent(word);
          },
          { signal: stop.signal },
        );
      on(document, "visibilitychange", () => (isVisible() ? "visible" : "hidden"));
      // Chrome does not always tell `visibilitychange` after a freeze.
      on(document, "resume", () => "visible");
      on(window, "online", () => "online");
      on(window, "offline", () => "offline");
      // Never `beforeunload`: it keeps pages out of the back-forward cache.
      on(window, "pagehide", (event) => ((event as PageTransitionEvent).persisted ? "frozen" : undefined));
      on(window, "pageshow", (event) => ((event as PageTransitionEvent).persisted ? "thawed" : undefined));
      return () => stop.abort();
    },
  };
}

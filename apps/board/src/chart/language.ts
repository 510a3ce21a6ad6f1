/** Gives `navigator` the platform's own language where the browser's is no valid tag: `C`, where no locale is set. */
export function mendLanguage(navigator: { readonly language: string }): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    const { locale } = Intl.NumberFormat().resolvedOptions();
    Object.defineProperty(navigator, "language", { value: locale, configurable: true });
  }
}

// uPlot makes a number format of `navigator.language` while it loads, so this has to be loaded before it.
mendLanguage(navigator);

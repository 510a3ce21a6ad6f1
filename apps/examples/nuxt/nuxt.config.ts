export default defineNuxtConfig({
  compatibilityDate: "2026-11-01",
  telemetry: false,
  devtools: { enabled: false },
  app: {
    head: { title: "Guestbook", htmlAttrs: { lang: "en" }, link: [{ rel: "icon", href: "data:," }] },
  },
});

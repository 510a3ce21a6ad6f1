// No library on purpose: this page is a plain client of the hub.
for (const place of document.querySelectorAll(".commands i"))
  place.textContent = place.textContent.startsWith("ws") ? location.origin.replace("http", "ws") : location.origin;

const cpu = document.querySelector("#cpu");
new EventSource("/realtime?topic=telemetry").addEventListener("telemetry", (event) => {
  cpu.textContent = JSON.parse(event.data).cpu.toFixed(1);
});

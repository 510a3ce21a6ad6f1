import { over, overs } from "board";
import { For } from "solid-js";

export function OverSwitch() {
  return (
    <nav class="segments" aria-label="Transport">
      <For each={overs}>
        {({ name, title }) => (
          <a href={`?over=${name}`} aria-current={name === over.name ? "true" : undefined} data-testid={`over-${name}`}>
            {title}
          </a>
        )}
      </For>
    </nav>
  );
}

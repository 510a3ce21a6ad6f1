import { over, overs } from "board";
import { markup } from "./markup.ts";

export function overSwitch(): HTMLElement {
  return markup(`
    <nav class="segments" aria-label="Transport">
      ${overs
        .map(
          ({ name, title }) => `
            <a href="?over=${name}" ${name === over.name ? 'aria-current="true"' : ""} data-testid="over-${name}">
              ${title}
            </a>`,
        )
        .join("")}
    </nav>
  `);
}

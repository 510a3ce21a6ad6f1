import { over, overs } from "board";

export function OverSwitch() {
  return (
    <nav className="segments" aria-label="Transport">
      {overs.map(({ name, title }) => (
        <a
          key={name}
          href={`?over=${name}`}
          aria-current={name === over.name ? "true" : undefined}
          data-testid={`over-${name}`}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

"use client";

import { createClient } from "@tidewire/core";
import { useRealtime } from "@tidewire/react";
import { useState } from "react";
import type { Line, Written } from "../guestbook.ts";

const append = (lines: readonly Line[], line: Line) => [...lines, line].slice(-100);

export function Lines({ initial, cursor }: { initial: Written["lines"]; cursor: Written["cursor"] }) {
  const [guestbook] = useState(() => createClient({ url: "/realtime", cursor }).topic<Line>("guestbook"));
  const { data: lines, status } = useRealtime(guestbook, { initial, reduce: append });
  return (
    <>
      <ul>
        {lines.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
      <p role="status">{status}</p>
    </>
  );
}

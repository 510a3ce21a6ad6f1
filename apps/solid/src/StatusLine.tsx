import type { Status } from "@tidewire/core";
import { createRealtime } from "@tidewire/solid";
import { clock, statusSentence } from "board";

export function StatusLine(props: { of: string; status: Status; testId: string }) {
  const now = createRealtime(() => props.status.status === "waiting" && clock, { initial: Date.now() });

  return (
    <p class="status-line" data-status={props.status.status}>
      <span role="status">
        <span class="unseen">{props.of} is </span>
        <strong data-testid={props.testId}>{props.status.status}</strong>
      </span>
      <span class="more">{statusSentence(props.status, now())}</span>
    </p>
  );
}

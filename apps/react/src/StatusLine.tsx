import type { Status } from "@tidewire/core";
import { useRealtime } from "@tidewire/react";
import { clock, statusSentence } from "board";

export function StatusLine({ of, status, testId }: { of: string; status: Status; testId: string }) {
  const { data: now } = useRealtime(status.status === "waiting" && clock, { initial: Date.now() });

  return (
    <p className="status-line" data-status={status.status}>
      <span role="status">
        <span className="unseen">{of} is </span>
        <strong data-testid={testId}>{status.status}</strong>
      </span>
      <span className="more">{statusSentence(status, now)}</span>
    </p>
  );
}

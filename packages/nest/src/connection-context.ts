import type { ExecutionContext } from "@nestjs/common";
import type { GuardedRequest } from "./guarded-request.ts";

/** What guards are asked to look at: a class and a method of which their metadata may speak. */
class Connections {
  connect(): void {}
}

/** The context of a connection that wants in. It is one of HTTP, whatever carries it, because every one begins so. */
export function connectionContext(request: GuardedRequest): ExecutionContext {
  const args = [request, undefined, undefined];
  const at = <T>(index: number): T => args[index] as T;
  return {
    getClass: <T>() => Connections as unknown as new (...given: never[]) => T,
    getHandler: () => Connections.prototype.connect,
    getArgs: <T>() => args as T,
    getArgByIndex: at,
    getType: <T>() => "http" as T,
    switchToHttp: () => ({ getRequest: <T>() => at<T>(0), getResponse: <T>() => at<T>(1), getNext: <T>() => at<T>(2) }),
    switchToRpc: () => ({ getData: <T>() => at<T>(0), getContext: <T>() => at<T>(1) }),
    switchToWs: () => ({ getData: <T>() => at<T>(0), getClient: <T>() => at<T>(0), getPattern: () => "" }),
  } as ExecutionContext;
}

import { type CanActivate, type ExecutionContext, HttpException, type Type } from "@nestjs/common";
import type { ModuleRef } from "@nestjs/core";
import type { Authenticate } from "@tidewire/server";
import { isObservable, lastValueFrom } from "rxjs";
import { connectionContext } from "./connection-context.ts";
import { guardedRequest, principalOf } from "./guarded-request.ts";
import type { RealtimeOptions } from "./options.ts";

/** The hub's question who asks, answered by guards. Undefined where there are none. */
export function authenticateBy(
  { guards, principal = principalOf }: RealtimeOptions,
  modules: ModuleRef,
): Authenticate | undefined {
  if (!guards?.length) return undefined;
  const instances = Promise.all(guards.map((guard) => instanceOf(modules, guard)));
  instances.catch(() => {}); // Said to each who asks.
  return async (facts) => {
    const request = guardedRequest(facts);
    const context = connectionContext(request);
    try {
      for (const guard of await instances) if (!(await passes(guard, context))) return undefined;
    } catch (error) {
      if (error instanceof HttpException) return undefined; // A guard's way to say no.
      throw error;
    }
    return principal(request);
  };
}

/** The application's own instance, or one made for this. */
async function instanceOf(modules: ModuleRef, guard: Type<CanActivate>): Promise<CanActivate> {
  try {
    return modules.get(guard, { strict: false });
  } catch {
    return modules.create(guard); // It is nobody's provider.
  }
}

async function passes(guard: CanActivate, context: ExecutionContext): Promise<boolean> {
  const answer = guard.canActivate(context);
  return isObservable(answer) ? lastValueFrom(answer) : answer;
}

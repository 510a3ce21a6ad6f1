import { DEV, optionInvalid, TidewireError } from "@tidewire/wire";

/** The Standard Schema interface (standardschema.dev), which zod, valibot, arktype and others implement. */
export interface Schema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The value as the schema gives it. Throws `message-invalid`, with the issues as evidence. */
export function validate<Output>(schema: Schema<never, Output> | Schema<unknown, Output>, value: unknown): Output {
  const result = schema["~standard"].validate(value);
  // Messages are handed on in order and at once; waiting for one would hold up, or reorder, all after it.
  if ("then" in result) throw optionInvalid(DEV && "This schema is asynchronous: messages need one that is not.");
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ message, path = [] }) =>
    [...path.map((step) => String((step as { readonly key?: PropertyKey }).key ?? step)), message].join(": "),
  );
  throw new TidewireError("message-invalid", issues.join("; "), { detail: { issues } });
}

import { DEV, optionInvalid } from "@tidewire/wire";

/**
 * Runs what throws for what the programmer wrote, and never for what the network does: no dial will mend that.
 * `fix` is for development; the platform's own words follow it.
 */
export function orInvalid<T>(run: () => T, fix: string | false): T {
  try {
    return run();
  } catch (cause) {
    const { name, message } = cause as Error;
    throw /^(Type|Syntax|Security)/.test(name) ? optionInvalid(fix && `${fix} ${message}`) : cause;
  }
}

/**
 * Throws for an address that the platform itself never dials. It says only that the network failed, and a program
 * learns while it is written which port it has: so the list stands where advice does.
 */
export function checkPort({ port }: URL): void {
  // In place, so that every bundler leaves it out. It is the Fetch standard's list of bad ports.
  if (
    DEV &&
    `1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137
139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723
2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080`
      .split(/\s/)
      .includes(port)
  )
    throw optionInvalid(`Port ${port} is blocked by browsers and \`fetch\`: use another.`);
}

/** What may be behind a request that failed without a word: only a guess, as the platform does not tell. For development. */
export function guess(name: string, page: Partial<Location> | undefined = globalThis.location): string {
  return DEV ? about(name.replace(/^\S+ ?/, ""), page) : "";
}

const about = DEV
  ? (address: string, page: Partial<Location> | undefined): string => {
      const url = page && URL.canParse(address, page.href) && new URL(address, page.href);
      if (!url || !/^http/.test(url.protocol) || url.origin === page.origin) return "";
      if (page.protocol === "https:" && url.protocol === "http:") return " A page over https reaches https alone.";
      return ` If it never opens: it is of another origin, so look for CORS in the console. Its answers have to allow ${page.origin}.`;
    }
  : () => "";

const SYMBOLS = ["AAPL", "MSFT", "NVDA", "AMZN", "GOOG", "META", "TSLA", "AVGO"];

/** How many different messages go round. */
export const VARIETY = 1024;

/** JSON texts of exactly `size` bytes: one quote, or a list of as many as fit. */
export function messages(size: number): string[] {
  return Array.from({ length: VARIETY }, (_, index) => {
    const quotes = Array.from({ length: Math.max(1, Math.floor(size / 110)) }, (__, nth) => quote(index + nth));
    const value = { pad: "", ...(quotes.length === 1 ? quotes[0] : { quotes }) };
    value.pad = "x".repeat(size - JSON.stringify(value).length);
    return JSON.stringify(value);
  });
}

function quote(index: number) {
  const symbol = SYMBOLS[index % SYMBOLS.length];
  return {
    id: 100_000 + index,
    at: 1_764_000_000_000 + index,
    symbol,
    price: 100 + (index % 97) / 4,
    lots: index % 50,
  };
}

/** The element that a piece of fixed markup describes. What comes from outside goes in with `textContent`, never here. */
export function markup(html: string): HTMLElement {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild as HTMLElement;
}

/** The part of an element that has this `data-testid`. */
export function part<Part extends HTMLElement = HTMLElement>(element: HTMLElement, testId: string): Part {
  return element.querySelector<Part>(`[data-testid="${testId}"]`)!;
}

/** Makes the children of a list follow its items: an item that stays keeps its element, so that a screen reader hears what is new only. */
export function keyed<Item>(
  list: HTMLElement,
  keyOf: (item: Item) => string,
  make: (item: Item) => HTMLElement,
): (items: readonly Item[]) => void {
  let shown = new Map<string, HTMLElement>();
  return (items) => {
    const next = new Map(items.map((item) => [keyOf(item), shown.get(keyOf(item)) ?? make(item)]));
    for (const [key, element] of shown) if (!next.has(key)) element.remove();
    let place = list.firstElementChild;
    for (const element of next.values()) {
      if (element === place) place = place.nextElementSibling;
      else list.insertBefore(element, place);
    }
    shown = next;
  };
}

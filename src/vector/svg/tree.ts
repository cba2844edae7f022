/** An element of a drawing. Its name is without a prefix; attributes of other namespaces are not kept, but `xlink:href` is `href`. */
export type SvgElement = {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: (SvgElement | string)[];
  readonly parent: SvgElement | null;
};

/** The elements among the children. */
export function elementsOf({ children }: SvgElement): SvgElement[] {
  return children.filter((child) => typeof child !== 'string');
}

/** An element and all that is in it, each before what it contains. */
export function* descendants(root: SvgElement): Generator<SvgElement> {
  yield root;
  for (const child of root.children) if (typeof child !== 'string') yield* descendants(child);
}

/** The value of an inherited property at an element; undefined: nobody says. */
export function inherited(element: SvgElement, name: string): string | undefined {
  for (let at: SvgElement | null = element; at !== null; at = at.parent) {
    const value = at.attributes.get(name);
    if (value !== undefined && value !== 'inherit') return value;
  }
  return undefined;
}

const NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';

/** Text as it stands in XML, also between quotes; characters that XML cannot hold are left out. */
export function encodeXml(text: string): string {
  return text

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function write(element: SvgElement, isRoot: boolean, into: string[]): void {
  into.push(`<${element.name}`);
  if (isRoot) into.push(` ${NAMESPACES}`);
  for (const [name, value] of element.attributes)
    into.push(` ${name === 'href' ? 'xlink:href' : name}="${encodeXml(value)}"`);
  if (element.children.length === 0) {
    into.push('/>');
    return;
  }
  into.push('>');
  for (const child of element.children) {
    if (typeof child === 'string') into.push(encodeXml(child));
    else write(child, false, into);
  }
  into.push(`</${element.name}>`);
}

/** A tree as a document of its own. */
export function writeSvg(root: SvgElement): string {
  const parts: string[] = [];
  write(root, true, parts);
  return parts.join('');
}

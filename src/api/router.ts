import type { HttpMethod } from './operation.js';

type Placed<T> = { readonly route: T; readonly names: readonly string[] };

type Node<T> = {
  readonly fixed: Map<string, Node<T>>;
  parameter: Node<T> | null;
  readonly routes: Map<HttpMethod, Placed<T>>;
};

function createNode<T>(): Node<T> {
  return { fixed: new Map(), parameter: null, routes: new Map() };
}

/** What stands at an address. */
export type RouteMatch<T> = {
  readonly methods: readonly HttpMethod[];
  /** The route of a method with the values of its address's parameters; null when there is none. */
  pick(method: string): { readonly route: T; readonly params: Record<string, string> } | null;
};

/** Finds routes by address. Our own, so that a wrong method is answered differently from a wrong address. */
export class Router<T> {
  readonly #root: Node<T> = createNode();

  /** `path` is such as `/api/scenes/{id}`. @throws Error when the route is taken: a mistake in the table */
  add(method: HttpMethod, path: string, route: T): void {
    const names: string[] = [];
    let node = this.#root;
    for (const segment of path.slice(1).split('/')) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      if (name === undefined) {
        const child = node.fixed.get(segment) ?? createNode<T>();
        node.fixed.set(segment, child);
        node = child;
      } else {
        names.push(name);
        node = node.parameter ??= createNode();
      }
    }
    if (node.routes.has(method)) throw new Error(`Two routes for ${method} ${path}`);
    node.routes.set(method, { route, names });
  }

  /** Null when nothing stands at this address or its percent-encoding is broken. */
  find(path: string): RouteMatch<T> | null {
    const values: string[] = [];
    let node = this.#root;
    for (const segment of path.slice(1).split('/')) {
      const fixed = node.fixed.get(segment);
      if (fixed !== undefined) {
        node = fixed;
        continue;
      }
      const value = decodeSegment(segment);
      if (node.parameter === null || value === null) return null;
      values.push(value);
      node = node.parameter;
    }
    const { routes } = node;
    if (routes.size === 0) return null;
    return {
      methods: [...routes.keys()],
      pick: (method) => {
        for (const [candidate, { route, names }] of routes) {
          if (candidate !== method) continue;
          return {
            route,
            params: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])),
          };
        }
        return null;
      },
    };
  }
}

function decodeSegment(segment: string): string | null {
  try {
    return segment === '' ? null : decodeURIComponent(segment);
  } catch {
    return null;
  }
}

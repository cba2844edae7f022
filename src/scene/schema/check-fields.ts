import { QR_CAPACITY_BYTES, qrBytes } from './layers/qr.js';
import type { Layer, LayerOf } from './layer.js';

/** What is wrong with a field, by its path in the layer. */
export type FieldComplaint = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** What the schema of a kind can not see field by field: how the fields of a layer fit together. */
export function checkFields(layer: Layer): FieldComplaint[] {
  switch (layer.type) {
    case 'text':
      return layer.text === undefined && layer.spans === null
        ? [{ path: ['text'], message: 'must be given when there are no spans' }]
        : [];
    case 'ticker':
      return layer.text === undefined && layer.items === null
        ? [{ path: ['text'], message: 'must be given when there are no items' }]
        : [];
    case 'shape':
      return layer.shape === 'path' && layer.path === null
        ? [{ path: ['path'], message: 'must be given when the shape is path' }]
        : [];
    case 'qr': {
      const [bytes, most] = [qrBytes(layer.text), QR_CAPACITY_BYTES[layer.level]];
      return bytes <= most
        ? []
        : [
            {
              path: ['text'],
              message: `is ${bytes} bytes long; a QR code of level ${layer.level} holds ${most}: shorten it, or lower the level`,
            },
          ];
    }
    case 'progress':
      return layer.max > layer.min ? [] : [{ path: ['max'], message: 'must be over min' }];
    case 'table':
      return checkTable(layer);
    default:
      return [];
  }
}

function checkTable({ columns, rows, sortBy }: LayerOf<'table'>): FieldComplaint[] {
  const keys = columns.map(({ key }) => key);
  const ids = rows.map(({ id }) => id);
  const repeated = (list: readonly string[], field: string, name: string): FieldComplaint[] =>
    list.flatMap((one, i) =>
      list.indexOf(one) === i
        ? []
        : [{ path: [field, i, name], message: `must differ from every other ${name} of ${field}` }],
    );
  const unknown = rows.flatMap(({ cells }, i): FieldComplaint[] =>
    Array.isArray(cells)
      ? []
      : Object.keys(cells)
          .filter((key) => !keys.includes(key))
          .map((key) => ({ path: ['rows', i, 'cells', key], message: 'no column has this key' })),
  );
  return [
    ...repeated(keys, 'columns', 'key'),
    ...repeated(ids, 'rows', 'id'),
    ...unknown,
    ...(sortBy === null || keys.includes(sortBy.column)
      ? []
      : [{ path: ['sortBy', 'column'], message: 'no column has this key' }]),
  ];
}

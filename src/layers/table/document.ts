import type { LayerDocument } from '../document.js';
import { TableLayerSchema } from './schema.js';

/** Rows and columns of texts, as documents know them. */
export const TABLE: LayerDocument<typeof TableLayerSchema> = {
  schema: TableLayerSchema,
  example: {
    id: 'leaders',
    type: 'table',
    x: 1240,
    y: 120,
    width: 600,
    rank: true,
    maxRows: 5,
    columns: [
      { key: 'name', title: 'Bidder' },
      {
        key: 'total',
        title: 'Total',
        width: 'auto',
        align: 'right',
        fontWeight: 700,
        format: { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 },
      },
    ],
    rows: [
      { id: 'ada', cells: { name: 'Ada', total: 12400 } },
      { id: 'grace', cells: { name: 'Grace', total: 15100 }, color: '#ffd84a' },
    ],
    sortBy: { column: 'total' },
  },
};

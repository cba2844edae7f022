import type { TemplateInput } from '../template.js';
import { ABSTRACT_PICTURE } from './abstract-picture.js';

/** Muted text and faint decoration. */
const MUTED = '#9aa0ae';
const FAINT = '#ffffff12';

const LABEL = { type: 'text', fontSize: 22, fontWeight: 600, letterSpacing: 3, color: MUTED };
const CARD = { type: 'shape', shape: 'rectangle', fill: '#ffffff0a', cornerRadius: 20 };
const CARD_BORDER = { width: 1.5, color: FAINT };

const HEADER = [
  {
    id: 'house-mark',
    type: 'shape',
    shape: 'rectangle',
    x: 96,
    y: 56,
    width: 14,
    height: 36,
    fill: '${accent}',
  },
  { id: 'house', type: 'text', text: '${house}', x: 130, y: 55, fontSize: 32, fontWeight: 700 },
  {
    id: 'live',
    type: 'group',
    x: 1824,
    y: 52,
    anchor: { x: 1, y: 0 },
    width: 124,
    height: 44,
    layers: [
      {
        id: 'live-pill',
        type: 'shape',
        shape: 'rectangle',
        width: 124,
        height: 44,
        cornerRadius: 22,
        fill: '#e5243b',
      },
      {
        id: 'live-dot',
        type: 'shape',
        shape: 'ellipse',
        x: 20,
        y: 16,
        width: 12,
        height: 12,
        animations: [
          {
            property: 'opacity',
            repeat: 'forever',
            alternate: true,
            keyframes: [
              { atMs: 0, value: 1, easing: 'ease-in-out-sine' },
              { atMs: 900, value: 0.25 },
            ],
          },
        ],
      },
      {
        id: 'live-text',
        type: 'text',
        text: 'LIVE',
        x: 44,
        y: 8,
        fontSize: 24,
        fontWeight: 800,
        letterSpacing: 2,
      },
    ],
  },
];

const LOT = [
  {
    ...LABEL,
    id: 'lot-number',
    text: 'LOT ${lotNumber}',
    x: 1008,
    y: 150,
    color: '${accent}',
    bindings: { text: '"LOT " + string(lot.number)' },
  },
  {
    id: 'lot-title',
    type: 'text',
    text: '${title}',
    width: 816,
    maxLines: 1,
    fit: 'shrink',
    x: 1008,
    y: 188,
    fontSize: 62,
    fontWeight: 800,
    letterSpacing: -1,
    bindings: { text: 'lot.title' },
  },
  {
    id: 'lot-artist',
    type: 'text',
    text: '${artist}',
    width: 816,
    maxLines: 1,
    x: 1008,
    y: 272,
    fontSize: 30,
    color: MUTED,
    bindings: { text: 'lot.artist' },
  },
  {
    id: 'lot-line',
    type: 'shape',
    shape: 'rectangle',
    x: 1008,
    y: 340,
    width: 816,
    height: 2,
    fill: FAINT,
  },
];

const BID = [
  { ...LABEL, id: 'bid-label', text: 'CURRENT BID', x: 1008, y: 384 },
  {
    id: 'bid-amount',
    width: 832,
    maxLines: 1,
    fit: 'shrink',
    type: 'text',
    text: '{{bid.amount | default:${startingBid} | currency:"${currency}", {maximumFractionDigits: 0}}}',
    x: 1000,
    y: 414,
    fontSize: 148,
    fontWeight: 800,
    letterSpacing: -5,
  },
  {
    id: 'bid-by',
    width: 600,
    maxLines: 1,
    type: 'text',
    text: '{{bid.bidder | default:"No bids yet"}}',
    x: 1008,
    y: 600,
    fontSize: 34,
    fontWeight: 600,
  },
  {
    id: 'bid-count',
    type: 'text',
    text: '{{bid.count | plural:{one: "# bid", other: "# bids"}}}',
    x: 1824,
    y: 600,
    anchor: { x: 1, y: 0 },
    fontSize: 34,
    color: MUTED,
    visible: false,
    bindings: { visible: 'bid.count > 0' },
  },
];

const TIME_LEFT = {
  type: 'countdown',
  x: 40,
  y: 74,
  format: 'mm:ss',
  fontSize: 76,
  fontWeight: 700,
};

const CARDS = [
  {
    id: 'next',
    type: 'group',
    x: 1008,
    y: 712,
    width: 396,
    height: 200,
    layers: [
      { ...CARD, id: 'next-card', width: 396, height: 200, border: CARD_BORDER },
      { ...LABEL, id: 'next-label', text: 'NEXT BID', x: 40, y: 36 },
      {
        id: 'next-amount',
        width: 324,
        maxLines: 1,
        fit: 'shrink',
        type: 'text',
        text: '{{bid.next | default:${startingBid} | currency:"${currency}", {maximumFractionDigits: 0}}}',
        x: 40,
        y: 74,
        fontSize: 76,
        fontWeight: 700,
        letterSpacing: -2,
        color: '${accent}',
      },
    ],
  },
  {
    id: 'time',
    type: 'group',
    x: 1428,
    y: 712,
    width: 396,
    height: 200,
    layers: [
      { ...CARD, id: 'time-card', width: 396, height: 200, border: CARD_BORDER },
      { ...LABEL, id: 'time-label', text: 'TIME LEFT', x: 40, y: 36 },
      {
        $if: 'endsAt',
        ...TIME_LEFT,
        id: 'time-left',
        to: '${endsAt}',
        bindings: { to: 'auction.endsAt' },
      },
      {
        $unless: 'endsAt',
        ...TIME_LEFT,
        id: 'time-left',
        to: '2000-01-01T00:00:00Z',
        bindings: { to: 'auction.endsAt' },
      },
    ],
  },
];

const NEWS = [
  {
    id: 'news-bar',
    type: 'shape',
    shape: 'rectangle',
    y: 1008,
    width: 1920,
    height: 72,
    fill: '#00000066',
  },
  {
    id: 'news',
    type: 'ticker',
    text: '${news}',
    y: 1008,
    width: 1920,
    height: 72,
    fontSize: 28,
    fontWeight: 500,
    color: '#d6d9e2',
    gap: 160,
    bindings: { text: 'auction.news' },
  },
];

/** A lot on sale: its picture, the bid that leads, the next one, and the time that is left. */
export const AUCTION_TEMPLATE: TemplateInput = {
  id: 'builtin-auction',
  name: 'Auction',
  description:
    'A lot on sale. Variables: lot {number, title, artist, picture}, bid {amount, bidder, count, next}, auction {endsAt, news}.',
  parameters: [
    { name: 'house', type: 'string', default: 'Evening Sale', description: 'Name of the auction.' },
    { name: 'lotNumber', type: 'string', default: '1' },
    { name: 'title', type: 'string', default: 'Harbour at Dusk' },
    { name: 'artist', type: 'string', default: 'Oil on canvas, 120 × 115 cm' },
    {
      name: 'picture',
      type: 'asset',
      description: 'Of the lot; lot.picture changes it at run time.',
    },
    {
      name: 'startingBid',
      type: 'number',
      default: 1000,
      description: 'Shown until there are bids.',
    },
    { name: 'currency', type: 'string', default: 'EUR', description: 'ISO 4217.' },
    { name: 'endsAt', type: 'string', description: 'ISO 8601; auction.endsAt changes it.' },
    {
      name: 'news',
      type: 'string',
      default: 'Bids are binding   ·   All prices without premium   ·   Questions? Ask in the chat',
    },
    { name: 'locale', type: 'string', default: 'en', description: 'Language of prices.' },
    { name: 'accent', type: 'color', default: '#ffb454' },
    { name: 'background', type: 'color', default: '#0d0f16' },
  ],
  scene: {
    background: '${background}',
    locale: '${locale}',
    layers: [
      {
        id: 'glow',
        type: 'shape',
        shape: 'ellipse',
        x: 1240,
        y: 120,
        width: 900,
        height: 700,
        fill: '${accent}',
        opacity: 0.16,
        filters: [{ type: 'blur', radius: 160 }],
      },
      ...HEADER,
      {
        id: 'art',
        type: 'group',
        x: 96,
        y: 136,
        shadow: { y: 24, blur: 60, color: '#000000a0' },
        layers: [
          ABSTRACT_PICTURE,
          {
            $if: 'picture',
            id: 'picture',
            type: 'image',
            asset: '${picture}',
            width: 840,
            height: 816,
            cornerRadius: 24,
            bindings: { asset: 'lot.picture' },
          },
        ],
      },
      ...LOT,
      ...BID,
      ...CARDS,
      ...NEWS,
    ],
  },
};

/** Planted in the addresses below; to be found nowhere else. */
export const SECRET = 'S3CRETKEY';
const ENCODED = SECRET.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

/** `host` is where the addresses lead. Some of them can work, others are to be refused. */
export function addressShapes(host: string): string[] {
  return [
    `rtmp://${host}/live/${SECRET}`,
    `rtmp://${host}/live//${SECRET}`,
    `rtmp://${host}/live///${SECRET}`,
    `rtmp://${host}//live/${SECRET}`,
    `rtmp://${host}//${SECRET}`,
    `rtmp://${host}/${SECRET}`,
    `rtmp://${host}/live/${SECRET}/`,
    `rtmp://${host}/live/${SECRET}//`,
    `rtmp://${host}/live/${SECRET}/more`,
    `rtmp://${host}/app/instance/${SECRET}`,
    `rtmp://${host}/app/${SECRET}/stream`,
    `rtmp://${host}/live/key?token=${SECRET}`,
    `rtmp://${host}/live/key?a=1&token=${SECRET}&b=2`,
    `rtmp://${host}/live/key?${SECRET}`,
    `rtmp://${host}/live/?token=${SECRET}`,
    `rtmp://${host}/live/key?sign=a/${SECRET}`,
    `rtmp://${host}/live?token=${SECRET}/stream`,
    `rtmp://${host}/live;token=${SECRET}/stream`,
    `rtmp://${host}/live&token=${SECRET}/stream`,
    `rtmp://${host}/live%3Btoken%3D${SECRET}/stream`,
    `rtmp://${host}?token=${SECRET}`,
    `rtmp://${host}/live/key#${SECRET}`,
    `rtmp://${host}/live/key?a=1#${SECRET}`,
    `rtmp://${host}/live/${ENCODED}`,
    `rtmp://${host}/live/a%2F${SECRET}`,
    `rtmp://${host}/live/key?token=${ENCODED}`,
    `rtmp://user:${SECRET}@${host}/live/key`,
    `rtmp://${SECRET}@${host}/live/key`,
    `rtmp://user:a/${SECRET}@${host}/live/key`,
    `rtmp://user:a@${SECRET}@${host}/live/key`,
    `rtmps://${host}/live/${SECRET}`,
    `RTMP://${host}/live/${SECRET}`,
    `rtmp://${host}/live/a ${SECRET} b`,
    `rtmp://${host}/live/a'${SECRET}"b`,
    `rtmp://${host}/live/schlüssel-${SECRET}-🔑`,
    `rtmp://${host}/live/mp4:${SECRET}.mp4`,
    `rtmp://${host}/live/${SECRET}.flv`,
    `rtmp://${host}/live/../${SECRET}`,
    `rtmp://${host}/live/a\n${SECRET}`,
    `rtmp://${host}/live/${SECRET}${'x'.repeat(1200)}`,
    `srt://${host}?streamid=${SECRET}`,
    `srt://${host}?mode=caller&passphrase=${SECRET}`,
    `http://${host}/live/${SECRET}`,
    `${host}/live/${SECRET}`,
  ];
}

export const ADDRESS_SHAPES = addressShapes('live.example:1936');

/** The live preview, with links to all else there is to see. */
export const PREVIEW_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stream Manager</title>
<link rel="icon" href="data:,">
<style>
body { font: 16px system-ui; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: #14171c; color: #e8eaee }
main { display: flex; flex-wrap: wrap; gap: 1rem }
figure { flex: 1 1 20rem; margin: 0 }
img { width: 100%; aspect-ratio: 16 / 9; object-fit: contain; background: #000; border-radius: 8px }
a { color: #8ec5ff; margin-right: 1.5rem }
form { margin: 1rem 0 }
</style>
</head>
<body>
<h1>Stream Manager</h1>
<main>
<figure><img id="picture" alt="Program"><figcaption id="state">Connecting</figcaption></figure>
<figure id="next" hidden><img id="next-picture" alt="The scene in preview"><figcaption id="next-state">In preview</figcaption></figure>
</main>
<form id="login" hidden><label>Token <input id="token" type="password" autocomplete="off"></label> <button>Connect</button></form>
<p><a href="/docs">API</a><a href="/api/openapi.json">OpenAPI</a><a href="/docs/errors">Error codes</a><a href="/health">Health</a><a href="/ready">Ready</a></p>
<script src="/docs/preview.js"></script>
</body>
</html>
`;

/**
 * The first three lines of `look` are all that a page needs. The token is kept for as long as the tab is open, and
 * goes out as a subprotocol or a header: never in an address. The scene in preview is looked at only while there is
 * one, so that its threads may end.
 */
export const PREVIEW_SCRIPT = `const element = (id) => document.getElementById(id);
const state = element('state');
const login = element('login');
const token = () => sessionStorage.getItem('token');
let nextSocket = null;

function openPicture(query, picture, onPicture) {
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/preview?width=960&fps=30' + query, token() ? ['stream-manager', 'bearer.' + token()] : []);
  socket.onmessage = ({ data }) => {
    onPicture();
    const old = picture.src;
    picture.src = URL.createObjectURL(data);
    URL.revokeObjectURL(old);
  };
  return socket;
}

function showProgram() {
  let seen = false;
  const socket = openPicture('', element('picture'), () => {
    if (!seen) state.textContent = 'On air';
    seen = true;
  });
  socket.onclose = () => {
    state.textContent = seen ? 'Connection lost. Reconnecting' : 'Not connected. Retrying. A token may be required.';
    login.hidden = seen;
    setTimeout(showProgram, 2000);
  };
}

async function showPreview() {
  try {
    const answer = await fetch('/api/preview', { headers: token() ? { authorization: 'Bearer ' + token() } : {} });
    const { sceneId } = await answer.json();
    element('next').hidden = !sceneId;
    element('next-state').textContent = 'In preview: ' + sceneId;
    if (sceneId && !nextSocket) {
      nextSocket = openPicture('&source=preview', element('next-picture'), () => undefined);
      nextSocket.onclose = () => { nextSocket = null; };
    }
    if (!sceneId && nextSocket) nextSocket.close();
  } catch {
    // The service is unreachable; the status of the program says so.
  }
  setTimeout(showPreview, 2000);
}

login.onsubmit = (event) => {
  event.preventDefault();
  sessionStorage.setItem('token', element('token').value);
};

showProgram();
showPreview();
`;

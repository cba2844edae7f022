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
img { width: 100%; aspect-ratio: 16 / 9; object-fit: contain; background: #000; border-radius: 8px }
a { color: #8ec5ff; margin-right: 1.5rem }
form { margin: 1rem 0 }
</style>
</head>
<body>
<h1>Stream Manager</h1>
<img id="picture" alt="What is on air">
<p id="state">Connecting</p>
<form id="login" hidden><label>Token <input id="token" type="password" autocomplete="off"></label> <button>Look</button></form>
<p><a href="/docs">API</a><a href="/api/openapi.json">OpenAPI</a><a href="/docs/errors">Error codes</a><a href="/health">Health</a><a href="/ready">Ready</a></p>
<script src="/docs/preview.js"></script>
</body>
</html>
`;

/**
 * The first three lines of `look` are all that a page needs. The token is kept for as long as the tab is open, and
 * goes out as a subprotocol: never in an address.
 */
export const PREVIEW_SCRIPT = `const picture = document.getElementById('picture');
const state = document.getElementById('state');
const login = document.getElementById('login');

function look(token) {
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/preview?width=960&fps=30', token ? ['stream-manager', 'bearer.' + token] : []);
  let seen = false;
  socket.onmessage = ({ data }) => {
    if (!seen) state.textContent = 'On air';
    seen = true;
    const old = picture.src;
    picture.src = URL.createObjectURL(data);
    URL.revokeObjectURL(old);
  };
  socket.onclose = () => {
    state.textContent = seen ? 'Connection lost; trying again' : 'No connection yet; trying again. A token may be needed.';
    login.hidden = seen;
    setTimeout(() => look(sessionStorage.getItem('token')), 2000);
  };
}

login.onsubmit = (event) => {
  event.preventDefault();
  sessionStorage.setItem('token', document.getElementById('token').value);
};

look(sessionStorage.getItem('token'));
`;

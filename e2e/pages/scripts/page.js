// The school app itself.
(function () {
  var at = function (id) { return document.getElementById(id); };
  var single = location.pathname.indexOf('/app') === 0;
  document.addEventListener('click', function (event) {
    var target = event.target;
    var name = target.closest('[data-tm-id]');
    if (name && name.getAttribute('data-tm-id') !== 'dead') at('answer').textContent = String(Number(at('answer').textContent) + 1);
    if (target.id === 'native') navigator.share({ url: location.href });
    if (target.id === 'break') { setTimeout(function () { throw new TypeError('boom'); }); Promise.reject(new RangeError('rejected')); }
    if (target.id === 'whatsapp') event.preventDefault();
    // A single-page app goes to its pages by itself.
    if (single && target.closest('nav a')) {
      event.preventDefault();
      history.pushState({}, '', '/app' + target.getAttribute('href'));
    }
  });
  at('note').addEventListener('submit', function (event) { event.preventDefault(); at('answer').textContent = 'saved'; });
  at('find').addEventListener('submit', function (event) { event.preventDefault(); at('answer').textContent = 'found'; });
  at('slot').addEventListener('dragover', function (event) { event.preventDefault(); });
  at('slot').addEventListener('drop', function (event) { event.preventDefault(); });
})();

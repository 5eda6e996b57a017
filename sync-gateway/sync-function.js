// The sync function: who may write which document, and who gets it. Sync Gateway takes this file as it is (README.md beside it).
// It is ES5, and has no dollar sign and no grave accent, not even in comments: a JSON configuration would expand them.
(function () {
  var PROFILE_BYTES_MAX = 16384;

  // ======== The app's own rules: change this function and nothing else. ========
  //
  // For every document whose id begins with neither u:: nor signin::.
  // owner is the person the document belongs to, as in u::0001, or null: by the old document where there is one, else by the new.
  // channel, access and role refuse what would open an account or another person's documents; requireUser, requireRole,
  // requireAccess, requireAdmin and expiry are Sync Gateway's own. To refuse, call refuse with a sentence for the app.
  //
  // The tombstone of a deletion has no body, so look at oldDoc then. After a deletion nobody knows any more whose the id was,
  // so it is free: whoever is signed in may create it again, as their own. What it held before stays out of their reach.
  function appRules(doc, oldDoc, owner, channel, access, role) {
    if (has(doc, 'owner') && !isPerson(doc.owner)) {
      refuse('The owner of a document must be written as in u::0001.');
    }
    if (owner === null) {
      requireAdmin();
    } else {
      requirePerson(owner);
    }
    if (doc._deleted !== true && ownerOf(doc) !== owner) {
      refuse('The owner of a document never changes.');
    }
    // A tombstone too, so that the deletion reaches the owner's devices.
    channel(owner);
  }
  // ======== End of the app's own rules. ========

  function refuse(reason) {
    throw({ forbidden: reason });
  }

  // A member may be called hasOwnProperty, or __proto__.
  function has(doc, name) {
    return Object.prototype.hasOwnProperty.call(doc, name);
  }

  // After a deletion or an expiry the old document is a tombstone; in a resync it is null, also for a document that is there.
  function exists(oldDoc) {
    return !!oldDoc && !oldDoc._deleted;
  }

  // True for the admin port, an import and a resync, where requireAdmin does nothing.
  function isServer() {
    try {
      requireAdmin();
      return true;
    } catch (refusal) {
      return false;
    }
  }

  // u:: and the number exactly as the counter writes it: four digits, or more without a leading zero, and never zero.
  function isPerson(id) {
    var digits;
    if (typeof id !== 'string' || id.indexOf('u::') !== 0) { return false; }
    digits = id.substring(3);
    if (/[^0-9]/.test(digits) || digits.length < 4 || digits === '0000') { return false; }
    return digits.length === 4 || digits.charAt(0) !== '0';
  }

  // Names that look like an account's, in any case: the long s and the two Turkish letters i are in the case folding of SIGNIN.
  function isReserved(name) {
    return /^([uU]|[sS\u017f][iI\u0130\u0131][gG][nN][iI\u0130\u0131][nN])::/.test(name);
  }

  // A user's name cannot hold a colon, so u::0001 is the user u-0001. The channel is asked for as well, because it is what
  // disabling takes away: an open replication goes on for a disabled user, and requireUser alone would still let it push.
  function requirePerson(id) {
    requireUser('u-' + id.substring(3));
    requireAccess(id);
  }

  function ownerOf(doc) {
    return has(doc, 'owner') && isPerson(doc.owner) ? doc.owner : null;
  }

  // ---- signin::... : accounts and phone lines, for the server alone. Their _exp is the server's, so no expiry here. ----

  function signIn(doc) {
    requireAdmin();
    // Sync Gateway would take a channel with a comma for a fault of its own.
    if (doc._id.indexOf(',') !== -1) {
      refuse('A sign-in document cannot have a comma in its id.');
    }
    // A channel that nobody is given: the server waits for changes of one document by it.
    channel(doc._id);
  }

  // ---- u::0001 : profiles. ----

  function profile(doc, oldDoc) {
    if (doc._deleted || !exists(oldDoc)) {
      requireAdmin();
    }
    requirePerson(doc._id);
    if (!isServer()) {
      checkOwnEdit(doc, oldDoc);
    }
    channel(doc._id);
  }

  function checkOwnEdit(doc, oldDoc) {
    if (!isKept('type', doc, oldDoc) || !isKept('createdAt', doc, oldDoc)) {
      refuse('Only the server sets type and createdAt of a profile.');
    }
    checkContent(doc);
    // An _exp is never seen here, and would be a way to delete.
    expiry(0);
  }

  function isKept(name, doc, oldDoc) {
    return has(doc, name) && has(oldDoc, name) && doc[name] === oldDoc[name];
  }

  // By its bytes of UTF-8 as JSON, without _id and _rev, which are not the writer's to shorten. Attachments are never seen.
  // Value by value, because Sync Gateway shows null as undefined, and JSON.stringify leaves such members out.
  function checkContent(doc) {
    var limit = PROFILE_BYTES_MAX + memberBytes('_id', doc._id) + memberBytes('_rev', doc._rev);
    var waiting = [doc];
    var bytes = 0;
    while (waiting.length > 0 && bytes <= limit) {
      bytes += openBytes(waiting.pop(), waiting, limit);
    }
    if (bytes > limit) {
      refuse('A profile can have at most ' + PROFILE_BYTES_MAX + ' bytes.');
    }
  }

  function memberBytes(name, value) {
    return bytesOf(name) + bytesOf(value) + 2;
  }

  // The bytes of a value without those of the values in it, which then wait for their turn.
  // Each of them has a comma; the brackets make up for the comma that the last one lacks.
  function openBytes(value, waiting, limit) {
    if (value === undefined || value === null || typeof value !== 'object') {
      checkNumber(value);
      return bytesOf(value);
    }
    return Math.max(2, Array.isArray(value) ? listBytes(value, waiting, limit) : objectBytes(value, waiting, limit));
  }

  function listBytes(list, waiting, limit) {
    var i;
    for (i = 0; i < list.length && i < limit; i++) {
      waiting.push(list[i]);
    }
    return 1 + list.length;
  }

  function objectBytes(object, waiting, limit) {
    var bytes = 1;
    var name;
    for (name in object) {
      bytes += bytesOf(name) + 2;
      if (bytes > limit) { return bytes; }
      waiting.push(object[name]);
    }
    return bytes;
  }

  // A number that no double holds is shown as text. Sync Gateway would take it, and never again let anybody update or delete the document.
  function checkNumber(value) {
    if (!/[^-+.eE0-9]/.test(value) && Math.abs(value) === Infinity) {
      refuse('A profile cannot have a number as large as that.');
    }
  }

  // Neither length nor charCodeAt can be trusted with it, since a character outside the basic plane is one in Sync Gateway and two
  // elsewhere. Each byte becomes one character or one escape. Sync Gateway's JSON has six bytes for each of < > and &.
  function bytesOf(value) {
    var json = JSON.stringify(value === undefined ? null : value);
    if (json.length > PROFILE_BYTES_MAX) { return json.length; }
    return encodeURIComponent(json).replace(/%[0-9A-F]{2}/g, '-').length;
  }

  // ---- Anything else: the app's documents. ----

  function appDocument(doc, oldDoc) {
    var owner = ownerOf(exists(oldDoc) ? oldDoc : doc);

    function checkChannel(name) {
      checkName(name);
      if (name !== owner) {
        checkOpenChannel(name);
      } else if (!exists(oldDoc)) {
        // Rules that forget to ask who writes must not let anybody put a new document among another person's.
        requirePerson(owner);
      }
    }

    function guardedChannel() {
      var i;
      for (i = 0; i < arguments.length; i++) {
        eachName(arguments[i], checkChannel);
        channel(arguments[i]);
      }
    }

    // Not even the owner's own channel: what a document grants, disabling the person would not take away.
    function guardedAccess(users, channels) {
      eachName(users, checkUser);
      eachName(channels, checkOpenChannel);
      access(users, channels);
    }

    // A role may hold any channel, so only the server's documents grant one.
    function guardedRole(users, roles) {
      requireAdmin();
      role(users, roles);
    }

    // Before the rules, which may name another expiry. The server's _exp stays.
    if (!isServer()) {
      expiry(0);
    }
    appRules(doc, oldDoc, owner, guardedChannel, guardedAccess, guardedRole);
  }

  // One name, a list of names, or nothing.
  function eachName(names, check) {
    var i;
    if (names === undefined || names === null) { return; }
    if (!Array.isArray(names)) { check(names); return; }
    for (i = 0; i < names.length; i++) {
      check(names[i]);
    }
  }

  function checkName(name) {
    if (typeof name !== 'string' || name === '') {
      refuse('The name of a user or a channel must be a text.');
    }
  }

  // Sync Gateway would take such a name for a fault of its own.
  function checkUser(name) {
    checkName(name);
    if (/[:,\/\u0060]/.test(name.replace(/^role:/, ''))) {
      refuse('The name of a user or a role has no colon, comma, slash or grave accent.');
    }
  }

  function checkOpenChannel(name) {
    checkName(name);
    if (name === '*' || name.indexOf(',') !== -1 || isReserved(name)) {
      refuse('A document of the app cannot use this channel: all, an account, or another person.');
    }
  }

  return function (doc, oldDoc) {
    if (isPerson(doc._id)) {
      profile(doc, oldDoc);
    } else if (doc._id.indexOf('signin::') === 0) {
      signIn(doc);
    } else if (isReserved(doc._id)) {
      refuse('An id that begins like an account must be written exactly as one.');
    } else {
      appDocument(doc, oldDoc);
    }
  };
})()

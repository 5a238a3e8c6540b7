// Reads an amount as `shared/values/amounts.py` does, slip by slip: what a form hints is what its button does.
// tests/browser/test_amounts_are_read_alike.py holds the two against each other.
const GREATEST_MINOR = 2n ** 53n - 1n;
const STRAY_JOINERS = /(?<![\u0980-\u09ff])[\u200c\u200d]|[\u200c\u200d](?![\u0980-\u09ff])/g;
const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const CONTROL = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g;
// Digits as the installation's currency groups them: 1,00,000 or 100,000.
const inGroups = (digits, lakhs) =>
  String(digits).replace(lakhs ? /\B(?=(\d\d)+(\d)(?!\d))/g : /\B(?=(\d{3})+(?!\d))/g, ',');
const LAKHS = /^(?:BDT|INR|NPR|PKR)$/;
const WHOLE = /^(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})$/;
const UNITS = /^(?:৳|tk\.?|taka|টাকা) *| *(?:৳|tk\.?|taka|টাকা|\/[-=])$/giu;

const oneLine = text => text.replace(CONTROL, '').replace(INVISIBLE, '').replace(STRAY_JOINERS, '')
  .split(/[\s\x85]+/).filter(Boolean).join(' ');

// Decimal digits of every script stand in runs from zero to nine.
function latinDigit(digit) {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0) - before - 1))) before += 1;
  return String(before % 10);
}
const withLatinDigits = text => text.replace(/\p{Nd}/gu, digit => /\d/.test(digit) ? digit : latinDigit(digit));

function withoutUnit(text, currency) {
  let bare = text.replace(new RegExp(`^${currency} *| *${currency}$`, 'giu'), '');
  if (currency === 'BDT') bare = bare.replace(UNITS, '');
  return /^[A-Za-z]{3} *(?=\d)|(?<=\d) *[A-Za-z]{3}$/.test(bare) ? null : bare.trim();
}

// Which of the usual slips this is, and what was probably meant.
function slip(plain, currency) {
  const comma = /^(\d{1,3}(?:\.\d{3})*|\d+),(\d{1,2})$/.exec(plain);
  if (comma) {
    const whole = inGroups(String(BigInt(comma[1].replaceAll('.', ''))), LAKHS.test(currency));
    return { why: 'CommaForDecimals', suggestion: `${whole}.${comma[2].padEnd(2, '0')}` };
  }
  const digits = plain.replace(/[^0-9.]/g, '');
  if (/^[0-9., ]+$/.test(plain) && digits.split('.').length <= 2 && digits !== '.' && digits)
    return { why: plain.includes(' ') ? 'BlankInAmount' : 'OddGroups', suggestion: digits };
  return { why: 'NotAnAmount' };
}

// { minor } where the text is an amount, else { why, text, suggestion }: the class that the server would raise.
function readAmount(text, currency, places) {
  const typed = oneLine(text);
  const refused = (why, suggestion = '') => ({ why, text: [...typed].slice(0, 80).join(''), suggestion });
  const plain = withoutUnit(withLatinDigits(typed).replaceAll('−', '-'), currency);
  if (plain === null) return refused('OtherCurrency', currency);
  if (plain.startsWith('-')) return refused('NotPositive');
  const [whole, ...rest] = plain.split('.');
  const decimals = rest.join('.');
  if (!whole && !decimals) return refused('NotAnAmount');
  if ((decimals && !/^\d+$/.test(decimals)) || (whole && !WHOLE.test(whole))) {
    const { why, suggestion } = slip(plain, currency);
    return refused(why, suggestion);
  }
  if (decimals.replace(/0+$/, '').length > places) return refused('TooManyDecimals', String(places));
  const minor = BigInt((whole.replaceAll(',', '') || '0') + decimals.slice(0, places).padEnd(places, '0'));
  if (minor > GREATEST_MINOR) return refused('TooMuch');
  return minor < 1n ? refused('NotPositive') : { minor: Number(minor) };
}

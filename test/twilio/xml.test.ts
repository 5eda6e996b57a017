// The XML reader takes what is well formed and nothing else.
import { describe, expect, test } from '@jest/globals'
import { parseXml, textOf } from '../../local/twilio/xml.ts'

describe('a well-formed document', () => {
  test.each([
    ['<a/>', { name: 'a', attributes: {}, children: [] }],
    ['\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<a ></a >\n<!-- end -->', { name: 'a', attributes: {}, children: [] }],
    [`<a b="1&amp;2" c='"'>x<d/>y</a>`, { name: 'a', attributes: { b: '1&2', c: '"' }, children: ['x', { name: 'd', attributes: {}, children: [] }, 'y'] }],
    ['<a><![CDATA[<b>&]]>&#65;&#x1F600;&lt;</a>', { name: 'a', attributes: {}, children: ['<b>&', 'A\u{1F600}<'] }],
    ['<a><?php echo 1 ?><!-- <b> -->z</a>', { name: 'a', attributes: {}, children: ['z'] }],
    ['<a b="x\ny"/>', { name: 'a', attributes: { b: 'x y' }, children: [] }],
  ])('%j', (source, element) => expect(parseXml(source)).toEqual(element))

  test('text is that of all that is inside', () => expect(textOf(parseXml('<a>x<b>y<c>z</c></b></a>'))).toBe('xyz'))
})

describe('what is not well formed', () => {
  test.each([
    '', ' ', 'text', '<a>', '</a>', '<a></b>', '<a/><b/>', '<a/>x', 'x<a/>', '<a b=1/>', '<a b/>', '<a b="1" b="2"/>', '<a b="<"/>', '<a>&nbsp;</a>', '<a>&</a>',
    '<a>&amp</a>', '<a>&#0;</a>', '<a>&#xD800;</a>', '<a>&#x110000;</a>', '<a>]]></a>', '<a><!-- -- --></a>', '<a><!-- </a>', '<a><![CDATA[ </a>', '<!DOCTYPE a><a/>',
    '<a>\u0000</a>', '<a>\uD800</a>', ' <?xml version="1.0"?><a/>', '<?xml?><a/>', '<1a/>', '< a/>', '<a b="1"c="2"/>', '<a><b></a></b>', '<a>&constructor;</a>',
  ])('%j', (source) => expect(() => parseXml(source)).toThrow(SyntaxError))

  test('the error says where', () => expect(() => parseXml('<a>12&x</a>')).toThrow('at offset 3'))
})

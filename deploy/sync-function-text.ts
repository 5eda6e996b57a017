// The text of a sync function without the app's own rules, which are the only part that an app may change.

const rules = /(\/\/ =+ The app's own rules: [^\n]*\n)[\s\S]*(\/\/ =+ End of the app's own rules\. =+)/

/** What may not differ. A text without the two marked lines stays as it is, and so equals no other. */
export const withoutRules = (text: string) => text.replaceAll('\r\n', '\n').replace(rules, '$1$2').trim()

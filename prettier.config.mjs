export default {
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "preserve",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
    // Named by its place: prettier looks for plugins beside this file, and the packages
    // lie in the cache folder.
    plugins: [
        `${process.env.NODE_MODULES}/node_modules/@prettier/plugin-xml/src/plugin.js`,
    ],
    overrides: [{files: "*.{yml,yaml,json,md}", options: {tabWidth: 4}}],
};

export const TreePage = () => null

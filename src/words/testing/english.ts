// What gives English away within a Portuguese sentence.

/** Words that no Portuguese sentence has, and no name in the causes of a test. */
export const ENGLISH =
  /\b(?:the|is|it|its|not|and|of|with|must|cannot|there|expected|received|invalid|input|too|line|or|has|no answer)\b/iu;

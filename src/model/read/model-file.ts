/** A file of a models or sql folder. */
export interface ModelFile {
  /** Path for messages: from the folder's parent on. */
  shown: string;
  /** Parts of the path inside the folder. */
  parts: string[];
  text: string;
}

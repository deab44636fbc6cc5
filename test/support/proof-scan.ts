// A PDF that holds nothing but a picture of a page, as scanners and telephones make it.
import sharp from "sharp";
import { rawPdf } from "./proof-edits.ts";

/** The picture, as JPEG, filling one page. */
export async function pagePdfOfPicture(picture: Uint8Array): Promise<Uint8Array> {
  const { data, info } = await sharp(picture).jpeg({ quality: 85 }).toBuffer({ resolveWithObject: true });
  const size = `/Width ${info.width} /Height ${info.height}`;
  const head = `<< /Type /XObject /Subtype /Image ${size} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${data.length} >>\nstream\n`;
  const [width, height] = [595, Math.round((595 * info.height) / info.width)];
  const draw = `q ${width} 0 0 ${height} 0 0 cm /P Do Q`;
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 5 0 R /Resources << /XObject << /P 4 0 R >> >> >>`,
    Buffer.concat([Buffer.from(head), data, Buffer.from("\nendstream")]),
    `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`,
  ]);
}

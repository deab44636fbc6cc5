// Payment proofs in a few bytes, from which fuzzing begins: pictures with what they say of themselves, a PDF written on twice, mails within mails.

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));

/** Big-endian. */
const two = (number: number): number[] => [(number >> 8) & 255, number & 255];
const four = (number: number): number[] => [...two(number >>> 16), ...two(number & 65_535)];

/** A directory with the program, and another with the camera's time and offset. */
function exif(): Uint8Array {
  const entry = (tag: number, type: number, count: number, value: number): number[] => [
    ...two(tag),
    ...two(type),
    ...four(count),
    ...four(value),
  ];
  const [program, time, offset] = ["Adobe Photoshop\0", "2026:11:22 14:33:21\0", "-03:00\0"];
  const main = [...two(2), ...entry(0x0131, 2, program.length, 68), ...entry(0x8769, 4, 1, 38), ...four(0)];
  const camera = [...two(2), ...entry(0x9003, 2, time.length, 84), ...entry(0x9011, 2, offset.length, 104), ...four(0)];
  return bytes("MM\0*", four(8), main, camera, program, time, offset);
}

export function pictureSeeds(): Uint8Array[] {
  const mark = exif();
  const xmp = 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmp:CreatorTool="Canva"/>';
  const frame = [0xff, 0xc0, ...two(11), 8, ...two(600), ...two(800), 1, 1, 17, 0];
  const jpeg = bytes(
    [0xff, 0xd8, 0xff, 0xe1, ...two(mark.length + 8)],
    "Exif\0\0",
    [...mark],
    [0xff, 0xe1, ...two(xmp.length + 2)],
    xmp,
    frame,
  );
  const chunk = (name: string, data: Uint8Array): number[] => [...four(data.length), ...bytes(name, [...data], [0, 0, 0, 0])];
  const header = bytes(four(800), four(600), [8, 2, 0, 0, 0]);
  const notes = [...chunk("tEXt", bytes("Software\0GIMP")), ...chunk("iTXt", bytes("XML:com.adobe.xmp\0\0\0\0\0", xmp))];
  const png = bytes([0x89], "PNG\r\n\x1a\n", chunk("IHDR", header), chunk("eXIf", mark), notes, chunk("IEND", bytes()));
  return [jpeg, png];
}

export function pdfSeeds(): Uint8Array[] {
  const end = "xref\n0 1\ntrailer <</Size 2>>\nstartxref\n9\n%%EOF\n";
  return [bytes("%PDF-1.4\n1 0 obj <</Linearized 1>> endobj\nstartxref\n0\n%%EOF\n", end, end)];
}

export function mailSeeds(): Uint8Array[] {
  const head = "From: Banco <c@banco.example>\r\nDate: Sun, 22 Nov 2026 14:33:21 -0300\r\nSubject: =?utf-8?Q?Comprovante_=C3=A9?=\r\n";
  const signature =
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=banco.example; s=k; h=from:date; l=9; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA\r\n";
  const parts =
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>R$ 29,90</p>\r\n' +
    "--b\r\nContent-Type: application/pdf; name=c.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n";
  const inner = `--b\r\nContent-Type: message/rfc822\r\n\r\n${signature}${head}\r\nPago\r\n--b--\r\n`;
  return [bytes(signature, head, "\r\nValor: R$ 29,90\r\n"), bytes(head, parts, inner)];
}

// What stands at the top of every bundle: how to check it by hand, with tools that every Linux has and jq.
import type { Bundle } from "./format.ts";

export const HOW_TO_VERIFY: Bundle["how_to_verify"] = {
  "pt-BR": [
    "Com o programa: regua evidence verify ARQUIVO (não precisa de banco de dados nem de internet). À mão, com sha256sum e jq:",
    '1. O lacre: `head -c -68 ARQUIVO | sha256sum` dá os 64 dígitos depois de "seal", no fim do arquivo.',
    '2. A cadeia: `jq -j \'.entries[0]\' ARQUIVO | sha256sum` dá o "prev" que a entrada seguinte cita; assim até a última, cujo hash é "head". O "prev" da primeira é o SHA-256 do texto: regua evidence of customer NÚMERO-DO-CLIENTE.',
    '3. As mensagens: `jq -j \'.messages[0].text\' ARQUIVO | sha256sum` dá o "text_sha256" da entrada "entry", item "item" (o primeiro é 0) de body.messages.',
    "4. A política: `jq -j '.policies[0].document' ARQUIVO | sha256sum` começa pelos 12 dígitos depois de @ na versão citada pelas entradas.",
    '5. As âncoras: a folha é o SHA-256 de um byte 00 seguido de {"after":A,"customer":C,"hash":H,"seq":S}, em que H é o hash da entrada S e C é o SHA-256 de {"customer":"NÚMERO","head":"H"}; um nó é o SHA-256 de um byte 01 e dos dois hashes, em bytes, da esquerda para a direita (árvore da RFC 6962); o hash da âncora é o SHA-256 de {"day":"DIA","leaves":N,"previous":"HASH","root":"HASH"}.',
    "6. O que isso prova: que as entradas não mudaram desde que alguém de fora guardou uma âncora que as cobre. Compare as âncoras deste arquivo com as que o prestador publicou ou enviou antes; sem essa comparação, quem controla o banco de dados poderia ter refeito a cadeia inteira.",
  ],
  en: [
    "With the program: regua evidence verify FILE (it needs no database and no network). By hand, with sha256sum and jq:",
    '1. The seal: `head -c -68 FILE | sha256sum` gives the 64 digits after "seal", at the end of the file.',
    '2. The chain: `jq -j \'.entries[0]\' FILE | sha256sum` gives the "prev" that the next entry names; and so on to the last, whose hash is "head". The "prev" of the first is the SHA-256 of the text: regua evidence of customer CUSTOMER-NUMBER.',
    '3. The messages: `jq -j \'.messages[0].text\' FILE | sha256sum` gives the "text_sha256" in the entry "entry", item "item" (the first is 0) of body.messages.',
    "4. The policy: `jq -j '.policies[0].document' FILE | sha256sum` begins with the 12 digits after @ in the version that entries name.",
    '5. The anchors: a leaf is the SHA-256 of one byte 00 followed by {"after":A,"customer":C,"hash":H,"seq":S}, where H is the hash of entry S and C is the SHA-256 of {"customer":"NUMBER","head":"H"}; a node is the SHA-256 of one byte 01 and of the two hashes, as bytes, left to right (the tree of RFC 6962); an anchor\'s hash is the SHA-256 of {"day":"DAY","leaves":N,"previous":"HASH","root":"HASH"}.',
    "6. What this proves: that the entries have not changed since somebody outside kept an anchor that covers them. Compare the anchors in this file with those the provider published or sent before; without that, whoever controls the database could have made the whole chain anew.",
  ],
};

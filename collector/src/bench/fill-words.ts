import { createRandom } from './synthetic-text.js';

/** A language as far as texts of a bench need one: what it says most often, and what the rest sounds like. */
interface Language {
  readonly common: string;
  readonly syllables: string;
}

const LANGUAGES: readonly Language[] = [
  {
    common:
      'the to and you a of your is in for it order we i can that this on not have with my will be please are from has was if or at help been our do but an would need how when what thank account delivery refund know so just like payment all also get address more which email there parcel new any number them before does today tomorrow could should after while shipping card return size',
    syllables:
      'ther ing con re er ent tion al for ment ly ness pro de in ex able per com dis ver sub tra ic ous ship mar ket pre ble ter form',
  },
  {
    common:
      'die der und ich sie das nicht ist es zu in ein mit den wir auf eine für bitte haben von dem im noch wie auch an wenn mein meine ihre können wird bestellung danke oder aber lieferung rechnung konto schon habe kann sind nach über zurück heute morgen adresse paket nummer',
    syllables:
      'ver ge schaft ung lich keit ein aus über für mög stel lung be an zu ße rück halt fahr zeug dank schön wert tag lief erung',
  },
  {
    common:
      'de la que el en y a los se un por no las una con su para es mi me al lo gracias pedido favor cuenta pero más como puede envío usted nuestro cuando está dirección hoy mañana número pago devolución',
    syllables:
      'ción mente ar er es ta do ra ci men to ña pre gun ven dor com pra llo que rio sa lu des tra for ma ble',
  },
  {
    common:
      'и в не на я что с по это мы вы для за как заказ но от у же бы можно если когда мой спасибо ваш есть доставка оплата сегодня завтра адрес номер счёт возврат пожалуйста',
    syllables:
      'при про ста ние ова тель ный ность пере вать ком ре за до ска зать вы ход пла теж ка ми ру ло ден',
  },
];

/** Words of one language. */
export const VOCABULARY_SIZE = 30_000;

function createVocabulary({ common, syllables }: Language, seed: number): readonly string[] {
  const random = createRandom(seed);
  const sounds = syllables.split(' ');
  const words = new Set(common.split(' '));
  while (words.size < VOCABULARY_SIZE) {
    // What is said seldom is longer.
    const length = 2 + Math.floor(random() * 2 + (2 * words.size) / VOCABULARY_SIZE);
    words.add(
      Array.from({ length }, () => sounds[Math.floor(random() * sounds.length)] ?? '').join(''),
    );
  }
  return [...words];
}

/** A list of words for each language, the most frequent first. */
export const createVocabularies = (): readonly (readonly string[])[] =>
  LANGUAGES.map((language, index) => createVocabulary(language, index + 1));

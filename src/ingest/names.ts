import type { ColumnRole } from '../domain/index.ts';

/**
 * What columns are called. A name is cut into lower-case words; it can play a role if at least one word is a word of the
 * role and every other one is a qualifier that does not change the meaning. So `author-id` names a person and
 * `author_flair_css_class` does not.
 */
interface RoleWords {
  /** Best first. */
  readonly words: readonly string[];
  readonly qualifiers: readonly string[];
}

const list = (words: string): string[] => words.split(' ');

/** Of ids. In every list, after English: German, French, Spanish, Italian and Portuguese (without accents), Chinese, Japanese, Korean. */
export const ID_WORDS: readonly string[] = list(
  'id ids key code no number nr uuid guid ref hash hashed nummer kennung numero identifiant codigo identificador ' +
    '编号 編號 编码 号 號 番号 コード 아이디 번호',
);

export const ROLE_WORDS: Readonly<Record<Exclude<ColumnRole, 'time' | 'numbers'>, RoleWords>> = {
  user: {
    words: list(
      'user customer client member voter author student visitor person account subscriber participant respondent reviewer ' +
        'player learner employee patient buyer shopper reader patron borrower viewer listener guest uid username email login handle ' +
        'kunde kunden nutzer benutzer mitglied mitglieds autor verfasser besucher leser kaufer teilnehmer ' +
        'utilisateur membre auteur abonne visiteur acheteur lecteur usuario cliente miembro visitante comprador lector utente utilizador ' +
        '用户 用戶 客户 客戶 会员 會員 顾客 顧客 买家 買家 作者 读者 讀者 使用者 学生 學生 ユーザー ユーザ 会員 利用者 投稿者 사용자 고객 회원',
    ),
    qualifiers: [
      ...ID_WORDS,
      ...list(
        'num name pseudo anon anonymous anonymized anonymised screen email login handle display nom nombre 名 名称 名前 이름',
      ),
    ],
  },
  text: {
    words: list(
      'title description page text body comment comments review message content query search tag tags headline subject summary ' +
        'caption question answer feedback keyword keywords phrase utterance post note notes name genre genres ' +
        'titel beschreibung bezeichnung kommentar nachricht inhalt suchbegriff frage antwort betreff schlagwort ' +
        'titre commentaire avis contenu recherche reponse sujet libelle titulo descripcion comentario mensaje contenido busqueda ' +
        'pregunta respuesta asunto titolo descrizione commento descricao ' +
        '标题 標題 题目 描述 内容 內容 评论 評論 留言 正文 文本 关键词 關鍵詞 搜索词 商品名 名称 タイトル 題名 説明 コメント レビュー 本文 件名 検索語 ' +
        'キーワード 質問 제목 내용 댓글 설명 검색어 리뷰',
    ),
    qualifiers: list(
      'product item movie film article video song track book page full raw short long plain clean self term terms the ' +
        'produkt artikel buch produit livre producto articulo 商品 产品 產品 电影 文章 映画 記事 상품',
    ),
  },
  type: {
    words: list(
      'event action activity type verb operation interaction behavior behaviour ereignis aktion aktivitat typ evenement activite ' +
        'evento accion tipo 事件 行为 行為 动作 動作 操作 类型 類型 イベント 行動 種別 アクション 이벤트 유형',
    ),
    qualifiers: list('name kind user 名称 名'),
  },
  item: {
    words: list(
      'item product sku stock article movie film book song track video page post course comment content asset listing isbn ' +
        'asin site game question document doc news material object offer recipe assessment exam quiz lesson ' +
        'artikel produkt ware buch produit livre producto articulo pelicula libro prodotto ' +
        '商品 产品 產品 物品 电影 電影 文章 图书 圖書 视频 製品 記事 映画 상품',
    ),
    qualifiers: ID_WORDS,
  },
  value: {
    words: list(
      'quantity qty rating value amount vote score price revenue total spend sales cost duration minutes seconds count clicks ' +
        'views weight points stars grade units menge anzahl betrag preis umsatz bewertung punkte dauer quantite montant prix duree ' +
        'cantidad importe precio puntuacion valoracion duracion 数量 數量 金额 金額 价格 價格 评分 評分 価格 評価 点数 수량 금액 가격 평점',
    ),
    qualifiers: list('unit order line item net gross usd eur gbp sum purchase product'),
  },
  label: {
    words: list(
      'label class segment category interest cluster cohort group topic persona outcome result target klasse kategorie gruppe ergebnis ' +
        'classe categorie groupe categoria grupo clase 类别 類別 分类 分類 标签 標籤 分组 カテゴリ カテゴリー 카테고리',
    ),
    qualifiers: list('name true truth user customer final product item primary main'),
  },
};

/** Names of days: a column of small whole numbers under one of these counts days. */
const DAY_WORDS = list('date day datum fecha jour dia 日期 日付 日 날짜 일자');
const TIME_WORDS = [
  ...DAY_WORDS,
  ...list(
    'time timestamp datetime created occurred at utc ts when posted submitted zeit zeitpunkt zeitstempel uhrzeit heure horodatage hora ' +
      '时间 時間 时间戳 時間戳 日時 時刻 タイムスタンプ 시간 일시',
  ),
];
/** The moment of the behaviour itself, rather than of the record's later life. */
const EVENT_WORDS = list(
  'timestamp created occurred event invoice order purchase visit posted submitted utc erstellt bestell kauf rechnungs creation ' +
    'commande achat facture creacion compra pedido factura 创建 創建 下单 下單 订单 訂單 购买 購買 发布 作成 注文 購入 投稿',
);
const OTHER_MOMENTS = list(
  'updated modified edited end ended expiry expires expired birth born dob deleted due delivery shipped last unregistration ' +
    'geandert aktualisiert geburts modification naissance modificacion actualizacion nacimiento 更新 修改 出生 结束 到期 終了',
);

const VOCABULARY = new Set([
  ...Object.values(ROLE_WORDS).flatMap((r) => [...r.words, ...r.qualifiers]),
  ...TIME_WORDS,
  ...EVENT_WORDS,
  ...OTHER_MOMENTS,
]);
const SUFFIXES = list(
  'id ids code no number name type key text body title date datetime time at nummer nr datum zeit titel ' +
    '编号 編號 编码 名称 名 时间 時間 日期 内容 內容 标题 番号 コード 日時 日付 日',
);

/** `CustomerID`, `customer_id`, `customer-id` and `customerid` are all [customer, id]. */
export function wordsOf(name: string): string[] {
  return withoutAccents(name)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((w) => w !== '')
    .flatMap(splitCompound);
}

/** Of Latin letters only: kana carry marks that make them other letters. */
const withoutAccents = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');

/** Position of the best word of the role in the name (0 = best), or null where the name can't play the role. */
export function roleRank(role: keyof typeof ROLE_WORDS, name: string): number | null {
  const { words, qualifiers } = ROLE_WORDS[role];
  const parts = wordsOf(name);
  const ranks = parts.map((p) => words.indexOf(p)).filter((i) => i >= 0);
  const known = parts.every((p) => words.includes(p) || qualifiers.includes(p));
  return known && ranks.length > 0 ? Math.min(...ranks) : null;
}

/** `customer no` is an id; `number of customers` is a count. */
export function isIdName(name: string): boolean {
  const words = wordsOf(name);
  const counts = words.length > 1 && (words[0] === 'number' || words[0] === 'no');
  return !counts && words.some((w) => ID_WORDS.includes(w) || w === 'sku' || w === 'uid');
}

/** Columns without a name are called so by `nameColumns`, and by pandas. */
export const isUnnamed = (name: string): boolean => /^(column \d+|unnamed: \d+)$/i.test(name);

export const isDayName = (name: string): boolean => wordsOf(name).some((w) => DAY_WORDS.includes(w));

const FLAG_WORDS = new Set(list('is has was did can flag bool'));
/** `is_banked`, `hasPaid`: 0 and 1 are then no and yes. */
export const isFlagName = (name: string): boolean => wordsOf(name).some((w) => FLAG_WORDS.has(w));

export const isTimeName = (name: string): boolean => wordsOf(name).some((w) => TIME_WORDS.includes(w));

/** How much a name sounds like the moment of the behaviour. */
export function timeScore(name: string): number {
  const words = wordsOf(name);
  const has = (vocabulary: readonly string[]): number => (words.some((w) => vocabulary.includes(w)) ? 1 : 0);
  return 2 * has(TIME_WORDS) + has(EVENT_WORDS) - 4 * has(OTHER_MOMENTS);
}

/** Places, addresses and measures are no texts to find interests in. */
const NO_TEXT = new Set(
  list('url uri link permalink path email mail address phone thumbnail image domain country city region css band ip host file'),
);

export const isTextName = (name: string): boolean => {
  const words = wordsOf(name);
  return !words.some((w) => NO_TEXT.has(w) || TIME_WORDS.includes(w) || ID_WORDS.includes(w));
};

function splitCompound(word: string): string[] {
  if (VOCABULARY.has(word)) return [word];
  for (const suffix of SUFFIXES) {
    const rest = word.slice(0, -suffix.length);
    if (word.endsWith(suffix) && VOCABULARY.has(rest)) return [rest, suffix];
  }
  return [word];
}
